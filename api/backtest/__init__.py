"""Back-tests: history replayed under other policies, beside what was really done."""
