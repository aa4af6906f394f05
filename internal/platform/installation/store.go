package installation

const (
	selectKey = "SELECT value FROM settings WHERE name = 'key'"
	insertKey = "INSERT INTO settings (name, value) VALUES ('key', ?) ON CONFLICT (name) DO NOTHING"
	updateKey = "UPDATE settings SET value = ? WHERE name = 'key'"
)
