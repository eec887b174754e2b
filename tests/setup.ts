// An Output in a template string is a bug; this makes it throw instead of rendering as "Calling [toString]…".
process.env.PULUMI_ERROR_OUTPUT_STRING = "true";
