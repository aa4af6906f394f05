package quickreply

// seeds are what an account begins with, by language.
var seeds = map[string][]Reply{
	"pt": {
		{Title: "Saudação", Shortcut: "oi", Folder: "Geral", Text: "{greeting}, {first_name}! Aqui é {agent}, de {department}. Como posso ajudar?"},
		{Title: "Aguarde", Shortcut: "espera", Folder: "Geral", Text: "Só um instante, por favor, vou verificar para você."},
		{Title: "Algo mais?", Shortcut: "mais", Folder: "Geral", Text: "Posso ajudar em mais alguma coisa?"},
		{Title: "Protocolo", Shortcut: "protocolo", Folder: "Geral", Text: "O número do seu atendimento é {number}."},
		{Title: "Despedida", Shortcut: "tchau", Folder: "Geral", Text: "Obrigado pelo contato, {first_name}! Se precisar, é só chamar."},
	},
	"en": {
		{Title: "Greeting", Shortcut: "hi", Folder: "General", Text: "{greeting}, {first_name}! This is {agent}, from {department}. How can I help?"},
		{Title: "One moment", Shortcut: "wait", Folder: "General", Text: "One moment, please, I'm checking that for you."},
		{Title: "Anything else?", Shortcut: "more", Folder: "General", Text: "Is there anything else I can help with?"},
		{Title: "Number", Shortcut: "number", Folder: "General", Text: "The number of your conversation is {number}."},
		{Title: "Goodbye", Shortcut: "bye", Folder: "General", Text: "Thank you for contacting us, {first_name}! We're here if you need us."},
	},
	"es": {
		{Title: "Saludo", Shortcut: "hola", Folder: "General", Text: "{greeting}, {first_name}. Soy {agent}, de {department}. ¿En qué puedo ayudar?"},
		{Title: "Espere", Shortcut: "espera", Folder: "General", Text: "Un instante, por favor, lo estoy verificando."},
		{Title: "¿Algo más?", Shortcut: "mas", Folder: "General", Text: "¿Puedo ayudar en algo más?"},
		{Title: "Número", Shortcut: "numero", Folder: "General", Text: "El número de su conversación es {number}."},
		{Title: "Despedida", Shortcut: "adios", Folder: "General", Text: "¡Gracias por escribirnos, {first_name}! Aquí estamos si nos necesita."},
	},
}
