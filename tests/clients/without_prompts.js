'use strict';

// Loaded before auth0-deploy-cli (node --require). Before an import it compiles the schema of every type of resource,
// twice, whatever it is restricted to. That of the texts of prompts is 8 MB and takes 17 s each time; no configuration
// here has any. It goes; nothing else of the client is touched.
const path = require('node:path');

delete require(path.join(path.dirname(process.argv[1]), 'tools/auth0/schema')).default.properties.prompts;
