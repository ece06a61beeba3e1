package dev.imagerelay.architecture.offenders.domain.ledger;

class MoneyInAMethod {

    float balance() {
        return 0;
    }
}
