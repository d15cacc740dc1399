int msp_gone_dependency(void);
int msp_gone_dependency(void) { return 0; }
