// An Output in a template string is a bug; this makes it throw instead of rendering as "Calling [toString]…".
process.env.PULUMI_ERROR_OUTPUT_STRING = "true";

// What is printed is compared as text; whether the test runner's own terminal has colours must not matter.
process.env.NO_COLOR = "1";
Reflect.deleteProperty(process.env, "FORCE_COLOR");
