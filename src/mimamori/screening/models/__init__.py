"""リスク判定: statistical models on pseudonyms that prove themselves against the conditions, or stay off."""
