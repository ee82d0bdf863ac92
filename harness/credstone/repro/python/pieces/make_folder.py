# make_folder
def make_folder(name, owner, group, mode):
    os.mkdir(name)
    must(os.chown, name, owner, group)
    os.chmod(name, mode)
