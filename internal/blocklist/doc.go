// Package blocklist holds the addresses whose visitors may not chat and are sent nothing (T050, T077, T118, T164, T226).
//
// It owns the table blocks and emits block.saved and block.removed. Every visitor who comes is looked up, so all blocks are held in
// memory (see Service.Load). A block may end by itself; it then stays in the list, without effect, until it is taken off or renewed.
package blocklist
