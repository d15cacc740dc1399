// What every program costs that uses C++'s library: it starts and ends.
#include <iostream>

int main() {}
