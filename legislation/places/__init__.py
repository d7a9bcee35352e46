"""Where districts lie: plans, maps, points, ZIP codes and addresses."""
