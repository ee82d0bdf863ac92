// credentials_room
/* Room for the credentials that come with a message. */
union credentials_room {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(struct ucred))];
};
