# make_folder
make_folder() {
	must mkdir "$1"
	must chown "$2" "$1"
	must chmod "$3" "$1"
}
