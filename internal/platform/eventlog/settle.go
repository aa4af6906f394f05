package eventlog

import "context"

// Settle returns once every listener of this node was told of everything the account's log holds now. A command that ends
// with it finds its own change in what this node keeps in memory. On a log that was not started it returns at once.
func (l *Log) Settle(ctx context.Context, accountID string) error {
	if !l.tail.started {
		return nil
	}
	position, err := l.Position(ctx, accountID)
	if err != nil {
		return err
	}
	return l.WaitFor(ctx, accountID, position)
}
