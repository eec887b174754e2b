module petrichor/tests/probe

go 1.26.0
