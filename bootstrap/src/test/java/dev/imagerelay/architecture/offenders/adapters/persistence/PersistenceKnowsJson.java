package dev.imagerelay.architecture.offenders.adapters.persistence;

import com.fasterxml.jackson.databind.ObjectMapper;

class PersistenceKnowsJson {

    ObjectMapper json;
}
