package conversation

const look = "SELECT count(*) FROM departments"
