// want unknown
package mystery
