module petrichor/tests/echo

go 1.26.0
