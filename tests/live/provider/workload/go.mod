module petrichor/tests/workload

go 1.26.0
