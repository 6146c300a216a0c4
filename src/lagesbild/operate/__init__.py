"""Running Lagesbild: server, worker, set-up and checks. It may know every other part; none knows it."""
