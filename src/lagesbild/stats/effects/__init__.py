"""Effects of measures: what changed, beside what would have happened anyway.

One method in each module: two periods (`before_after`), areas with and without the measure
(`difference_in_differences`), a long series (`interrupted_series`), and whether a planned follow-up could see an effect
(`follow_up`). Trials, where chance decides who gets the measure, are in `lagesbild.stats.trials`.
"""
