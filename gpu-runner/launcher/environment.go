package main

// workerEnvironment is all that a worker's environment holds, in pairs of name and value.
func workerEnvironment(trainer, folder string) [][2]string {
	return [][2]string{
		{"PATH", "/usr/bin:/bin"},
		{"HOME", folder},
		{"TMPDIR", folder},
		{"USER", "worker"},
		{"LOGNAME", "worker"},
		{"LANG", "C.UTF-8"},
		{"PYTHONPATH", trainer},
		{"PYTHONDONTWRITEBYTECODE", "1"},
		{"PYTHONHASHSEED", "0"},
		{"OMP_NUM_THREADS", "1"},
		{"MKL_NUM_THREADS", "1"},
		{"TORCHDYNAMO_DISABLE", "1"},
	}
}
