package dev.imagerelay.architecture.offenders.application.service;

import dev.imagerelay.architecture.offenders.adapters.http.AdapterShowsAnInnerType;

class ApplicationKnowsAnAdapter {

    AdapterShowsAnInnerType adapter;
}
