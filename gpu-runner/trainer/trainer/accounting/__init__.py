"""What a mixer costs: parameters, floating-point operations, elements touched, state."""
