# msp_add_plugin(<target> MANIFEST <file> SOURCES <file>...)
