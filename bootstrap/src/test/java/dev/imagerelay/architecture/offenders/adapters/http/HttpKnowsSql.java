package dev.imagerelay.architecture.offenders.adapters.http;

import org.jdbi.v3.core.Handle;

class HttpKnowsSql {

    Handle handle;
}
