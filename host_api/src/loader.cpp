namespace msp::host {}
