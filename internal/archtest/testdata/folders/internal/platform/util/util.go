// want drawer
package util
