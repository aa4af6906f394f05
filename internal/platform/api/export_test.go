package api

// BucketsMost is how many buckets a limiter keeps.
const BucketsMost = bucketsMost

// Held is how many it keeps now.
func (l *Limiter) Held() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.buckets)
}
