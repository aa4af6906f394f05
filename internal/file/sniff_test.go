package file

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// archived makes a zip of the names given; one that holds `=` has a content.
func archived(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		name, content, _ := strings.Cut(name, "=")
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func contents(t testing.TB) map[string]string {
	t.Helper()
	return map[string]string{
		"png":               "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"jpeg":              "\xff\xd8\xff\xe0\x00\x10JFIF",
		"gif":               "GIF89a\x01\x00\x01\x00",
		"webp":              "RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00",
		"pdf":               "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
		"text":              "nome;idade\nMária;30\n",
		"docx":              archived(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"),
		"xlsx":              archived(t, "[Content_Types].xml", "xl/workbook.xml"),
		"pptx":              archived(t, "[Content_Types].xml", "ppt/presentation.xml"),
		"odt":               archived(t, "mimetype=application/vnd.oasis.opendocument.text", "content.xml"),
		"ods":               archived(t, "mimetype=application/vnd.oasis.opendocument.spreadsheet", "content.xml"),
		"zip":               archived(t, "a.txt", "b/c.txt"),
		"mp3":               "ID3\x03\x00\x00\x00\x00\x00\x21",
		"mp3 without a tag": "\xff\xfb\x90\x64\x00\x0f",
		"ogg":               "OggS\x00\x02\x00\x00",
		"m4a":               "\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00",
		"mp4":               "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00",

		"windows program":   "MZ\x90\x00\x03",
		"linux program":     "\x7fELF\x02\x01\x01",
		"macos program":     "\xcf\xfa\xed\xfe\x07",
		"script":            "#!/bin/sh\nrm -rf /\n",
		"html":              "\n  <!DOCTYPE html><script>alert(1)</script>",
		"html fragment":     "<script>alert(1)</script>",
		"svg":               "\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
		"xml":               "<?xml version='1.0'?><html/>",
		"php":               "<?php system($_GET['c']);",
		"macros":            archived(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
		"quicktime":         "\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00",
		"heic":              "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00",
		"utf-16":            "\xff\xfea\x00b\x00",
		"binary":            "\x01\x02\x03\x04",
		"half an archive":   "PK\x03\x04half",
		"half a picture":    "\x89PNG\r\n\x1a",
		"text with a null":  "abc\x00def",
		"text with escapes": "abc\x1b[31mdef",
	}
}

func judged(t *testing.T, name, declared, body string) (string, fault.Code) {
	t.Helper()
	found, err := sniff(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	contentType, err := judge(name, declared, found)
	return contentType, fault.CodeOf(err)
}

func TestJudge_TheClosedList(t *testing.T) {
	all := contents(t)
	accepted := []struct{ name, declared, content, contentType string }{
		{"a.png", "image/png", "png", "image/png"},
		{"A.PNG", "", "png", "image/png"},
		{"a.jpg", "image/jpeg", "jpeg", "image/jpeg"},
		{"a.jpeg", "image/pjpeg", "jpeg", "image/jpeg"},
		{"a.gif", "image/gif", "gif", "image/gif"},
		{"a.webp", "image/webp", "webp", "image/webp"},
		{"a.pdf", "application/pdf", "pdf", "application/pdf"},
		{"a.txt", "text/plain; charset=utf-8", "text", "text/plain"},
		{"a.csv", "text/csv", "text", "text/csv"},
		{"a.csv", "application/vnd.ms-excel", "text", "text/csv"},
		{"a.docx", "application/octet-stream", "docx", ooxml + "wordprocessingml.document"},
		{"a.xlsx", ooxml + "spreadsheetml.sheet", "xlsx", ooxml + "spreadsheetml.sheet"},
		{"a.pptx", "", "pptx", ooxml + "presentationml.presentation"},
		{"a.odt", odf + "text", "odt", odf + "text"},
		{"a.ods", odf + "spreadsheet", "ods", odf + "spreadsheet"},
		{"a.zip", "application/x-zip-compressed", "zip", "application/zip"},
		{"a.mp3", "audio/mpeg", "mp3", "audio/mpeg"},
		{"a.mp3", "audio/mp3", "mp3 without a tag", "audio/mpeg"},
		{"a.ogg", "audio/ogg", "ogg", "audio/ogg"},
		{"a.m4a", "audio/x-m4a", "m4a", "audio/mp4"},
		{"a.mp4", "video/mp4", "mp4", "video/mp4"},
	}
	seen := map[string]bool{}
	for _, row := range accepted {
		contentType, code := judged(t, row.name, row.declared, all[row.content])
		if code != "" || contentType != row.contentType {
			t.Errorf("%s as %q: %s %s", row.name, row.declared, contentType, code)
		}
		seen[row.contentType] = true
	}
	for _, k := range kinds {
		if !seen[k.contentType] {
			t.Errorf("no row for %s", k.contentType)
		}
	}
}

func TestJudge_Refuses(t *testing.T) {
	all := contents(t)
	for name := range all {
		if _, code := judged(t, "a.exe", "", all[name]); code != fault.FileTypeRefused {
			t.Errorf("%s called a.exe: %s", name, code)
		}
	}
	for _, name := range []string{"a", ".png", "a.svg", "a.html", "a.js", "a.docm", "a.png.exe", "a.sh", "a.xml", "a.rar", ""} {
		body := all["png"]
		if name == ".png" {
			body = all["text"]
		}
		if _, code := judged(t, name, "", body); code == "" {
			t.Errorf("%q was accepted", name)
		}
	}
	forbidden := []string{
		"windows program", "linux program", "macos program", "script", "html", "html fragment", "svg", "xml", "php", "macros",
	}
	for _, content := range forbidden {
		for _, extension := range Extensions() {
			if _, code := judged(t, "a."+extension, "", all[content]); code != fault.FileTypeRefused {
				t.Errorf("%s called .%s: %q", content, extension, code)
			}
		}
	}
	unknown := []string{"quicktime", "heic", "utf-16", "binary", "half an archive", "half a picture", "text with a null", "text with escapes"}
	for _, content := range unknown {
		for _, extension := range Extensions() {
			if _, code := judged(t, "a."+extension, "", all[content]); code != fault.FileTypeMismatch {
				t.Errorf("%s called .%s: %q", content, extension, code)
			}
		}
	}
}

// TestJudge_NameAndContentAgree tries every content under every name: it fits its own kinds and no other.
func TestJudge_NameAndContentAgree(t *testing.T) {
	own := map[string][]string{"jpeg": {"jpg", "jpeg"}, "text": {"txt", "csv"}, "ogg": {"ogg", "oga"}, "m4a": {"m4a", "mp4"}, "mp4": {"m4a", "mp4"}}
	all := contents(t)
	for _, content := range []string{"png", "jpeg", "gif", "webp", "pdf", "text", "docx", "xlsx", "pptx", "odt", "ods", "zip", "mp3", "ogg", "m4a", "mp4"} {
		fits := own[content]
		if fits == nil {
			fits = []string{content}
		}
		for _, extension := range Extensions() {
			want := fault.FileTypeMismatch
			for _, f := range fits {
				if f == extension {
					want = ""
				}
			}
			if _, code := judged(t, "a."+extension, "", all[content]); code != want {
				t.Errorf("%s called .%s: %q, want %q", content, extension, code, want)
			}
		}
		if _, code := judged(t, "a."+fits[0], "text/html", all[content]); code != fault.FileTypeMismatch {
			t.Errorf("%s declared as text/html: %q", content, code)
		}
		if _, code := judged(t, "a."+fits[0], "not a type", all[content]); code != fault.FileTypeMismatch {
			t.Errorf("%s declared as nonsense: %q", content, code)
		}
	}
}

func TestSniff_LongTexts(t *testing.T) {
	long := strings.Repeat("ação ", 100_000)
	for name, row := range map[string]struct {
		body string
		want content
	}{
		"UTF-8 across reads":      {long, contentText},
		"one byte":                {strings.Repeat("a\xe7\xe3o ", 100_000), contentText},
		"a control at the end":    {long + "\x00", contentUnknown},
		"ends within a character": {long + "\xc3", contentText},
	} {
		if got, err := sniff(strings.NewReader(row.body), int64(len(row.body))); err != nil || got != row.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func FuzzSniff(f *testing.F) {
	for _, content := range contents(f) {
		f.Add("a.png", "image/png", []byte(content))
	}
	f.Fuzz(func(t *testing.T, name, declared string, body []byte) {
		found, err := sniff(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		name = CleanName(name)
		contentType, err := judge(name, declared, found)
		if err == nil && (contentType == "" || isMarkup(body[:min(len(body), 1024)]) && contentType == "text/plain") {
			t.Fatalf("%q was accepted as %s", body, contentType)
		}
	})
}

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"foto.png":              "foto.png",
		"/etc/passwd":           "passwd",
		`C:\Users\ana\nota.pdf`: "nota.pdf",
		"../../x.txt":           "x.txt",
		"a\x00b\r\nc.txt":       "abc.txt",
		"nota\u202egnp.exe":     "notagnp.exe", // it would read as notaexe.png
		"relatório 日本.pdf":      "relatório 日本.pdf",
		"relato\u0301rio.pdf":   "relatório.pdf",
		"relato\x01\u0301.pdf":  "relató.pdf",
		`a"b<c>:d|e?f*.txt`:     "a_b_c__d_e_f_.txt",
		"..hidden.txt":          "hidden.txt",
		"trailing. .":           "trailing",
		"a\u00a0b.txt":          "a b.txt",
		"..":                    "",
		"":                      "",
		"\xff\xfe.txt":          "txt",
	} {
		if got := CleanName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	long := CleanName(strings.Repeat("é", 400) + ".docx")
	if utf8.RuneCountInString(long) != MaxNameRunes || !strings.HasSuffix(long, "é.docx") {
		t.Errorf("shortened to %q", long)
	}
	if got := CleanName("a." + strings.Repeat("x", 400)); utf8.RuneCountInString(got) != MaxNameRunes {
		t.Errorf("shortened to %d", utf8.RuneCountInString(got))
	}
}

func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"a.txt", "../x", `\\x\y`, "\u202e", strings.Repeat("é", 200) + ".pdf", "a. . ."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := CleanName(name)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > MaxNameRunes || strings.ContainsAny(got, "/\\\x00\r\n\"") {
			t.Fatalf("%q became %q", name, got)
		}
		if again := CleanName(got); again != got {
			t.Fatalf("%q became %q, then %q", name, got, again)
		}
	})
}

func TestDisposition(t *testing.T) {
	for name, want := range map[string]string{
		"foto.png":   `attachment; filename="foto.png"`,
		"a b%c.txt":  `attachment; filename="a b_c.txt"; filename*=UTF-8''a%20b%25c.txt`,
		"ação+1.pdf": `attachment; filename="a__o+1.pdf"; filename*=UTF-8''a%C3%A7%C3%A3o%2B1.pdf`,
		"日本.pdf":     `attachment; filename="file.pdf"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf`,
		"x\"y\\.txt": `attachment; filename="x_y_.txt"; filename*=UTF-8''x%22y%5C.txt`,
	} {
		if got := disposition(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}
