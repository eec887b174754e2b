module petrichor/toolchain/pause

go 1.26.0
