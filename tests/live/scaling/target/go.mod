module scaling/target

go 1.26.0
