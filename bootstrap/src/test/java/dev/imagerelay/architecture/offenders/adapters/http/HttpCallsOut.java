package dev.imagerelay.architecture.offenders.adapters.http;

import java.net.http.HttpClient;

class HttpCallsOut {

    HttpClient client;
}
