"""InferenceService: text generation without a neural network. README.md describes the models."""
