// Lends its precompiled headers to all tests.
int main() {}
