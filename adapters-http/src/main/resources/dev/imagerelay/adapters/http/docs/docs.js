"use strict";

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  defaultModelsExpandDepth: 0, // the schemas are listed, closed
  validatorUrl: null, // nobody elsewhere is asked
});
