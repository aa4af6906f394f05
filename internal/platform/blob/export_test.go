package blob

// Sync has fn asked in place of the disk.
func (b *Bucket) Sync(fn func(path string) error) { b.sync = fn }
