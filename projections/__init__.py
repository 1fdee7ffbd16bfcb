"""Remember: fold the log into read models that can be dropped and rebuilt."""
