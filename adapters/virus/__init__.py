"""The virus scanner: ClamAV's daemon."""
