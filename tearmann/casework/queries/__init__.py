"""What is read from the store. Every query of cases starts from `visible_to`, and none writes."""
