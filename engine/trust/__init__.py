"""Who may speak for whom: certificates, revocation, and the signers that count."""
