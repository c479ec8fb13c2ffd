exports.year = (event) => /\d{4}/v.exec(event.user.created_at)[0];
