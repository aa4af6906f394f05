package bench

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Machine is where a run took place.
type Machine struct {
	System     string  `json:"system"`
	Processor  string  `json:"processor"`
	Cores      int     `json:"cores"`
	MemoryGiB  float64 `json:"memory_gib"`
	Go         string  `json:"go"`
	FilesLimit uint64  `json:"files_limit"`
}

// String describes the machine in one line.
func (m Machine) String() string {
	return fmt.Sprintf("%s, %d cores (%s), %.1f GiB of memory, %d open files per process, %s; server and clients on it together",
		m.System, m.Cores, m.Processor, m.MemoryGiB, m.FilesLimit, m.Go)
}

// thisMachine describes the machine the bench runs on; what cannot be read stays empty.
func thisMachine() Machine {
	m := Machine{
		System: runtime.GOOS + "/" + runtime.GOARCH, Processor: "unknown", Cores: runtime.NumCPU(), Go: runtime.Version(),
		FilesLimit: filesLimit(),
	}
	if model := procField("/proc/cpuinfo", "model name"); model != "" {
		m.Processor = model
	}
	var kib float64
	if _, err := fmt.Sscan(procField("/proc/meminfo", "MemTotal"), &kib); err == nil {
		m.MemoryGiB = kib / (1 << 20)
	}
	return m
}

// procField returns what stands behind `name:` in a file of /proc, empty when there is none.
func procField(file, name string) string {
	f, err := os.Open(file) //nolint:gosec // names of /proc
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // it was read
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
