// want doc

package site
