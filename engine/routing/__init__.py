"""Who is who and where a message goes: parties, their tree and validity, and the choice of receiver."""
