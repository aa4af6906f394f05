package file

import (
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// kind is one row of the closed list of what may be sent.
type kind struct {
	// contentType is what the file is stored and sent as.
	contentType string
	// extensions are the endings a name of this kind may have, lower case, without the dot.
	extensions []string
	// declared are further types that browsers call such files.
	declared []string
	// content is what the bytes must be.
	content content
}

const (
	ooxml = "application/vnd.openxmlformats-officedocument."
	odf   = "application/vnd.oasis.opendocument."
)

// kinds is the closed list. Anything else is refused, and so is everything that a browser or a system would run.
var kinds = []kind{
	{"image/png", []string{"png"}, nil, contentPNG},
	{"image/jpeg", []string{"jpg", "jpeg"}, []string{"image/jpg", "image/pjpeg"}, contentJPEG},
	{"image/gif", []string{"gif"}, nil, contentGIF},
	{"image/webp", []string{"webp"}, nil, contentWebP},
	{"application/pdf", []string{"pdf"}, []string{"application/x-pdf"}, contentPDF},
	{"text/plain", []string{"txt"}, nil, contentText},
	// Windows calls CSV files Excel's.
	{"text/csv", []string{"csv"}, []string{"text/plain", "application/csv", "application/vnd.ms-excel"}, contentText},
	{ooxml + "wordprocessingml.document", []string{"docx"}, nil, contentDOCX},
	{ooxml + "spreadsheetml.sheet", []string{"xlsx"}, nil, contentXLSX},
	{ooxml + "presentationml.presentation", []string{"pptx"}, nil, contentPPTX},
	{odf + "text", []string{"odt"}, nil, contentODT},
	{odf + "spreadsheet", []string{"ods"}, nil, contentODS},
	{"application/zip", []string{"zip"}, []string{"application/x-zip-compressed", "application/x-zip"}, contentZIP},
	{"audio/mpeg", []string{"mp3"}, []string{"audio/mp3", "audio/x-mp3"}, contentMP3},
	{"audio/ogg", []string{"ogg", "oga"}, []string{"application/ogg", "video/ogg", "audio/opus"}, contentOGG},
	{"audio/mp4", []string{"m4a"}, []string{"audio/x-m4a", "audio/m4a", "audio/aac", "video/mp4"}, contentMP4},
	{"video/mp4", []string{"mp4"}, []string{"audio/mp4", "video/x-m4v"}, contentMP4},
}

// Extensions returns the endings of names that may be sent, without the dot, for the clients' limits.
func Extensions() []string {
	var all []string
	for _, k := range kinds {
		all = append(all, k.extensions...)
	}
	return all
}

// judge tells the content type of a file, from its name, the type its sender declared (empty when none) and what its
// content turned out to be. Errors: FileTypeRefused, FileTypeMismatch.
func judge(name, declared string, found content) (string, error) {
	extension := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	at := slices.IndexFunc(kinds, func(k kind) bool { return slices.Contains(k.extensions, extension) })
	if at < 0 || found == contentForbidden {
		return "", fault.New(fault.FileTypeRefused).With("types", strings.Join(Extensions(), ", "))
	}
	k := kinds[at]
	if found != k.content || !k.allows(declared) {
		return "", fault.New(fault.FileTypeMismatch)
	}
	return k.contentType, nil
}

// allows says whether a sender may declare such a file as this type. Browsers that don't know say nothing or octet-stream.
func (k kind) allows(declared string) bool {
	if declared == "" {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(declared)
	if err != nil {
		return false
	}
	return mediaType == "application/octet-stream" || mediaType == k.contentType || slices.Contains(k.declared, mediaType)
}
