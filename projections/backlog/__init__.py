"""What each location has to do: open fulfilments, units by stage, the oldest promise."""
