// Package picture reads pictures that strangers send: by their bytes, whatever they are called, decoded to their end, and made to fit.
package picture
