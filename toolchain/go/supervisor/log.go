package main

import (
	"os"
	"sync"
)

// maximumLogSize is where a log moves aside and a new one begins, so a process keeps at most twice this on disk.
const maximumLogSize = 8 << 20

// rotatingLog appends to a file of bounded size; the part before the last rotation is kept beside it as FILE.1.
type rotatingLog struct {
	mutex sync.Mutex
	path  string
	file  *os.File
	size  int64
}

func openRotatingLog(path string) (*rotatingLog, error) {
	log := &rotatingLog{path: path}
	return log, log.open()
}

func (l *rotatingLog) open() error {
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	information, err := file.Stat()
	if err != nil {
		return err
	}
	l.file, l.size = file, information.Size()
	return nil
}

// Write never fails for the writer's sake: a full disk must not stop the process that logs.
func (l *rotatingLog) Write(data []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.size+int64(len(data)) > maximumLogSize {
		l.rotate()
	}
	written, err := l.file.Write(data)
	l.size += int64(written)
	if err != nil {
		return len(data), nil
	}
	return written, nil
}

func (l *rotatingLog) rotate() {
	if err := os.Rename(l.path, l.path+".1"); err != nil {
		return
	}
	old := l.file
	if err := l.open(); err != nil {
		return
	}
	old.Close()
}
