// want doc
package agent
